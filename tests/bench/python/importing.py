"""How long a fresh process takes to import the modules that the command line names."""

import sys
import time

# Only now is anything imported that a module may need itself.
_cpu = time.process_time()
_begun = time.perf_counter()
for _name in sys.argv[1:]:
    __import__(_name)
_seconds = time.perf_counter() - _begun
_cpu = time.process_time() - _cpu
print(f'{{"count": 1, "seconds": {_seconds}, "cpuSeconds": {_cpu}}}')
