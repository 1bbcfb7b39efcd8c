"""The board of a letter action: official letters, answers, who agreed, and the numbers of each recipient."""
