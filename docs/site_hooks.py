"""What the site of the documentation asks of MkDocs while it builds: the reference, formulas, and nothing from elsewhere."""

import re
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pypandoc
from mkdocs.structure.files import File, Files

sys.path.insert(0, str(Path(__file__).parent))
from docstrings import FORMULA
from reference_pages import PAGES


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the reference, which are made from the code."""
    for name, page in PAGES.items():
        files.append(File.generated(config, f"reference/{name}.md", content=page()))
    return files


def on_page_content(html: str, **_: Any) -> str:
    """Set the formulas of docstrings as MathML, which browsers lay out themselves."""
    found = re.findall(rf"<code>{FORMULA}(.*?)</code>", html, re.DOTALL)
    formulas = list(dict.fromkeys(found))
    if not formulas:
        return html
    source = "\n\n".join(rf"\({unescape(formula).strip()}\)" for formula in formulas)
    set_by = pypandoc.convert_text(
        source, "html", "markdown+tex_math_single_backslash-tex_math_dollars", extra_args=["--mathml"]
    )
    made = re.findall(r"<math.*?</math>", set_by, re.DOTALL)
    set_as = dict(zip(formulas, made, strict=True))
    return re.sub(rf"<code>{FORMULA}(.*?)</code>", lambda code: set_as[code[1]], html, flags=re.DOTALL)


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """Start the search from a file of the site."""
    return _from_here(output, "../" * page.file.url.count("/"))


def on_post_template(output_content: str, **_: Any) -> str:
    """Start the search from a file of the site on pages that no document is behind, as that of a missing page."""
    return _from_here(output_content, "")


def on_post_build(config: Any) -> None:
    """Leave out what the theme would fetch from elsewhere where a browser is old, and its maps for debugging."""
    for script in Path(config.site_dir).rglob("*.js"):
        text = script.read_text("utf-8")
        script.write_text(re.sub(r"https://un\w+\.com/[^\"'`]*|//# sourceMappingURL=.*", "", text), "utf-8")
    for map_file in Path(config.site_dir).rglob("*.map"):
        map_file.unlink()


def _from_here(html: str, top: str) -> str:
    return re.sub(r'src="https://un\w+\.com/iframe-worker/shim"', f'src="{top}theme/offline.js"', html)
