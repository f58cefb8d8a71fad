"""For the web server: settings from the environment, then the app."""

from fundapp import create_app
from fundapp.log import set_up_logging
from fundapp.settings import Settings

settings = Settings.from_environment()
set_up_logging(settings.log_level)
app = create_app(settings)
