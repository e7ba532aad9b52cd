"""Start the application: ``python ui.py`` is ``assistant ui``."""

import sys

from assistant.cli import main

if __name__ == "__main__":
    sys.argv[1:1] = ["ui"]
    main()
