"""The checker of the W3C over HTML that was collected: it is a Java program that takes seconds to begin, so
everything is written to a folder and read in one go."""

import json
import shutil
import subprocess
from pathlib import Path

from tests.node import install

HERE = Path(__file__).parent
JAR = HERE / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
WITHOUT_JAVA = "Java is not on this machine, so no HTML is checked: apt-get install default-jre-headless"


def java() -> str | None:
    """Its path, or None where there is none."""
    return shutil.which("java")


class Sources:
    """HTML as it was sent, each piece with a name that tells where it is from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}

    def add(self, name: str, html: bytes) -> None:
        path = self.folder / f"{len(self.names)}.html"
        path.write_bytes(html)
        self.names[path.name] = name

    def errors(self) -> list[str]:
        """What is an error in any of them. Without Java nothing is looked at."""
        if not self.names or java() is None:
            return []
        install(HERE)
        done = subprocess.run(
            ["java", "-jar", JAR, "--errors-only", "--format", "json", "--exit-zero-always", self.folder],
            capture_output=True,
            text=True,
            check=True,
        )
        found = json.loads(done.stderr)["messages"]
        return [
            f"{self.names[Path(one['url']).name]}: {one['message']}: {one.get('extract', '')[:200]}"
            for one in found
        ]
