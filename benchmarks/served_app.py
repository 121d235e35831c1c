"""The app as other servers run it, for `benchmarks.servers`: the index is named by INDEX."""

import os
from pathlib import Path

from searchapp.web import create_app

application = create_app(Path(os.environ["INDEX"]))
