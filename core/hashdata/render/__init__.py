"""What people and programs get to see: words, tables and pages. Nothing here decides."""
