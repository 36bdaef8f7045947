"""What befalls processes, networks, clocks, disks and databases at random moments, and who judges what came of it."""
