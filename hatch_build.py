"""Build what a browser loads into the wheel and the source distribution.

A wheel without the dashboard is refused: somebody would install it. An editable install is only
told, and so is who asked for it by ``PINMARK_SKIP_DASHBOARD=1``.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DashboardBuildHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        from pinmark import static_build

        try:
            said = static_build.build(Path(self.root) / "dashboard", static_build.STATIC)
        except static_build.ToolMissing as missing:
            built = (static_build.STATIC / "app" / "index.html").is_file()
            if version != "editable" and not built:
                raise SystemExit(str(missing)) from None
            said = f"{missing} What was built before is used." if built else str(missing)
        self.app.display_info(said)
