"""The reported value beside the second route, and beside R."""
