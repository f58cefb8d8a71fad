"""What must hold between the parts of a call. Each check yields problems; it changes nothing."""
