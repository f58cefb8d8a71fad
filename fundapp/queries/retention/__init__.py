"""What has been kept long enough, counted from which event; and what must not go yet."""
