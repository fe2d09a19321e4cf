"""hashdata connects exchange accounts read-only, and proves it."""
