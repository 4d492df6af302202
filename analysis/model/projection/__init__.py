"""What the business earns in years to come, part by part."""
