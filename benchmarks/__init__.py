"""What Schemasync's speed is held against: floors and peers, side by side in one run."""
