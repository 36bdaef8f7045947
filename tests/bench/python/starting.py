"""How long a fresh process takes from nothing to the first answer, by a program that the command line names."""

import sys
import time
from runpy import run_path

del sys.argv[0]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
# Only now is anything imported that the program may need itself.
_cpu = time.process_time()
_begun = time.perf_counter()
run_path(sys.argv[0], run_name="__main__")
_seconds = time.perf_counter() - _begun
_cpu = time.process_time() - _cpu
print(f'{{"count": 1, "seconds": {_seconds}, "cpuSeconds": {_cpu}}}')
