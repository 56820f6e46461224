"""What lands on a desk: pages and tables made from plain documents."""
