"""What the parts are worth, and what lies between them and the value of a share."""
