"""Monthly figures of helplines: entered by operators, published when every centre agrees."""
