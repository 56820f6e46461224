"""What is kept about people, under which names, and for how long."""

RETENTION_DAYS = 180  # how long outputs are kept unless somebody decides otherwise
