"""What lab code may import in every box: virtual devices, as later labs bring them."""
