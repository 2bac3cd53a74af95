"""What the system tests stand on: processes, the shapes they are started in, and clients."""
