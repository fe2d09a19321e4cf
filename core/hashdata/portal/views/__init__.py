"""What is answered: each view reads the request, calls, and shows."""
