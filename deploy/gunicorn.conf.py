"""Behind nginx only: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`."""

import os

bind = os.environ.get("FUNDAPP_BIND", "unix:/run/fundapp/web.sock")
worker_class = "gthread"
workers = int(os.environ.get("FUNDAPP_WEB_PROCESSES", "2"))
threads = 8
timeout = 60
graceful_timeout = 30
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
control_socket_disable = True  # on by default in gunicorn 27; whoever reaches it steers the server
forwarded_allow_ips = "127.0.0.1"  # how many proxies are believed is FUNDAPP_PROXY_HOPS
umask = 0o007  # nginx shares the group of the socket
