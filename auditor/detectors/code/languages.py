# SPDX-License-Identifier: Apache-2.0
"""Programming languages: how fences name them, and what their sources look like."""

from collections import Counter
from collections.abc import Mapping
from functools import cache

from auditor.detectors.engine import Engine, compile_engine
from auditor.detectors.patterns import Pattern
from auditor.detectors.view import encode
from auditor.detectors.words import words

LANGUAGES: Mapping[str, str] = {
    **dict.fromkeys(("python", "py", "python3", "pycon", "ipython"), "Python"),
    **dict.fromkeys(("javascript", "js", "jsx", "node", "mjs"), "JavaScript"),
    **dict.fromkeys(("typescript", "ts", "tsx"), "TypeScript"),
    **dict.fromkeys(("bash", "sh", "shell", "zsh", "console", "fish", "ksh"), "Shell"),
    **dict.fromkeys(("cpp", "c++", "cc", "cxx", "hpp"), "C++"),
    **dict.fromkeys(("csharp", "cs", "c#"), "C#"),
    **dict.fromkeys(("objc", "objective-c", "objectivec"), "Objective-C"),
    **dict.fromkeys(("powershell", "ps1", "pwsh"), "PowerShell"),
    **dict.fromkeys(("hcl", "terraform", "tf"), "HCL"),
    **dict.fromkeys(("rust", "rs"), "Rust"),
    **dict.fromkeys(("ruby", "rb"), "Ruby"),
    **dict.fromkeys(("kotlin", "kt"), "Kotlin"),
    **dict.fromkeys(("haskell", "hs"), "Haskell"),
    **dict.fromkeys(("elixir", "ex", "exs"), "Elixir"),
    **dict.fromkeys(("matlab", "octave"), "MATLAB"),
    **dict.fromkeys(("fsharp", "f#", "fs"), "F#"),
    **dict.fromkeys(("vb", "vbnet", "vba", "vbscript"), "Visual Basic"),
    **dict.fromkeys(("asm", "assembly", "nasm"), "Assembly"),
    **{
        name.lower(): name
        for name in [
            "C",
            "Java",
            "Go",
            "Swift",
            "Scala",
            "Perl",
            "R",
            "Lua",
            "PHP",
            "SQL",
            "Dart",
            "Groovy",
            "Clojure",
            "Erlang",
            "Julia",
            "Fortran",
            "COBOL",
            "Pascal",
            "Ada",
            "OCaml",
            "Lisp",
            "Scheme",
            "Prolog",
            "Solidity",
            "Zig",
            "Nim",
            "Crystal",
            "D",
            "Tcl",
            "VHDL",
            "Verilog",
            "Makefile",
            "Dockerfile",
            "CMake",
            "Awk",
            "Vala",
            "GraphQL",
            "Nix",
            "Racket",
        ]
    },
}
NO_CODE = words(
    "text txt plain plaintext output log json json5 jsonc yaml yml toml ini xml html css scss less md markdown "
    "rst tex latex csv tsv diff http mermaid none"
)

_SIGNATURES: tuple[tuple[str, str], ...] = (
    ("PHP", r"<\?php|^[ \t]*(?:public|private) function \w+\(.*\$\w+"),
    (
        "Objective-C",
        r"^[ \t]*@(?:interface|implementation|property|synthesize|end)\b|^[-+]\s*\([\w *]+\)\s*\w+|\[\[?\w+ \w+[:\]]",
    ),
    (
        "C++",
        r"#include <(?:iostream|vector|string|map|memory|algorithm)>|\bstd::\w+|\btemplate\s*<|"
        r"^[ \t]*using namespace \w+;|\w+::\w+\(",
    ),
    (
        "C#",
        r"^[ \t]*using System(?:\.\w+)*;|^[ \t]*namespace [\w.]+\s*[{;]?|\bConsole\.Write|\bstring\[\] args|"
        r"\bget;\s*set;",
    ),
    (
        "Java",
        r"^[ \t]*import (?:java|javax|org|com)\.[\w.]+\*?;|\bpublic (?:static )?(?:final )?(?:class|void|"
        r"interface)\b|System\.out\.",
    ),
    ("Kotlin", r"^[ \t]*(?:data class|fun \w+\(|val \w+\s*[:=]|override fun)\b"),
    ("Scala", r"^[ \t]*(?:object|case class|trait|implicit|sealed trait)\s+\w+|\bdef \w+(?:\[\w+\])?\(.*\):\s*\w+.*="),
    (
        "Swift",
        r"^[ \t]*(?:import (?:UIKit|Foundation|SwiftUI)|func \w+\(.*->|guard let|if let|let \w+(?::\s*\w+)?\s*=|"
        r"@IBOutlet)\b",
    ),
    ("Go", r"^[ \t]*package \w+\s*$|^func (?:\(\w+ \*?\w+\) )?\w+\(|:=\s|\bfmt\.\w+"),
    (
        "Rust",
        r"\bfn \w+(?:<.*>)?\(|\blet mut\b|^[ \t]*(?:use (?:std|crate)::|impl(?:<.*>)? \w+|pub (?:fn|struct|enum|"
        r"mod))|println!",
    ),
    (
        "TypeScript",
        r"^[ \t]*(?:export )?(?:interface|type) \w+(?:<.*>)?\s*[={]|:\s*(?:string|number|boolean|void|"
        r"any)\b\s*[;,)=|]|\bas const\b",
    ),
    (
        "JavaScript",
        r"\b(?:const|let|var) \w+\s*=|=>\s*[{(]|\bfunction\s*\w*\s*\(|\brequire\(['\"]|\bmodule\.exports\b|"
        r"document\.|console\.log",
    ),
    ("Elixir", r"^[ \t]*(?:defmodule|defp?|@spec|use \w+\.)\b.*(?:\bdo\b|,)|\|>"),
    ("Haskell", r"^\w+ ::\s|^[ \t]*(?:module \w+|import qualified|data \w+ =|instance \w+|where$)"),
    (
        "Ruby",
        r"^[ \t]*(?:require(?:_relative)? ['\"]|attr_\w+|module \w+|def \w+[?!]?(?:\(.*\))?\s*$)|\bdo \|\w+\||"
        r"\.each\b|^[ \t]*end\s*$",
    ),
    ("Perl", r"^[ \t]*use (?:strict|warnings)|\bmy [$@%]\w+|\$\w+->|^[ \t]*sub \w+\s*\{|=~"),
    (
        "Shell",
        r"^#!.*\b(?:ba|z|k)?sh\b|^[ \t]*(?:fi|done|esac)\s*$|\bthen\s*$|\$\{?\w+\}?.*\|\s*\w+|^[ \t]*(?:echo|"
        r"export|sudo|apt-get|cd|mkdir) ",
    ),
    ("PowerShell", r"\$\w+\s*=.*-\w+|\b(?:Get|Set|New|Write|Import|Remove)-\w+|^[ \t]*param\s*\("),
    ("Lua", r"^[ \t]*local (?:function )?\w+|^[ \t]*elseif\b|\bfunction \w+[.:]\w+\("),
    ("R", r"<-\s*(?:function|c\(|read|data)|\blibrary\(\w+\)|%>%|\bggplot\("),
    (
        "MATLAB",
        r"^[ \t]*function\s+(?:\[?[\w, ]+\]?\s*=\s*)?\w+\(|^[ \t]*%\s|^[ \t]*end;?\s*$|\b(?:zeros|ones|plot|disp|"
        r"figure)\(",
    ),
    ("HCL", r"^[ \t]*(?:resource|variable|provider|module|output|data|terraform|locals)\s+(?:\"[\w-]+\"\s*){0,2}\{"),
    (
        "SQL",
        r"^[ \t]*(?:SELECT|INSERT INTO|CREATE (?:TABLE|VIEW|INDEX)|ALTER TABLE|UPDATE \w+ SET|DELETE FROM|"
        r"DROP TABLE)\b",
    ),
    (
        "Python",
        r"^[ \t]*(?:def \w+\(.*\)\s*(?:->.*)?:|class \w+(?:\(.*\))?:|from [\w.]+ import|import \w+|elif .*:|"
        r"if __name__)|\bself\.\w+|^[ \t]*print\b",
    ),
    (
        "C",
        r"#include\s*[<\"]\w+[\w/.]*\.h[>\"]|^[ \t]*(?:static |unsigned |const |struct )*(?:int|void|char|double|"
        r"float|long)\s+\*?\w+\(|->\w+|\bsizeof\(",
    ),
    ("Makefile", r"^[\w.%/-]+:(?: [\w.%/$()-]+)*\n\t\S"),
    ("Clojure", r"^[ \t]*\((?:ns|defn?|let|fn|require)\b"),
    ("Lisp", r"^[ \t]*\((?:defun|defvar|setq|define|lambda|let)\b"),
    ("Erlang", r"^-(?:module|export)\(|^\w+\(.*\)\s*->"),
    ("Dart", r"import 'package:|\bWidget build\("),
    ("Julia", r"^[ \t]*using \w+|^[ \t]*function \w+\(.*\)\s*$|\bend\s*$"),
    ("Fortran", r"^[ \t]*(?:SUBROUTINE|PROGRAM|INTEGER|REAL|IMPLICIT NONE)\b"),
    ("Pascal", r"^[ \t]*(?:unit|program|procedure|begin|uses)\b.*;?$"),
    ("OCaml", r"^[ \t]*let (?:rec )?\w+.*=\s*$|\bmatch \w+ with\b"),
)
_SAMPLE = 1_000


@cache
def _engine() -> Engine:
    return compile_engine([Pattern(name, f"(?m){sign}") for name, sign in _SIGNATURES])


def language_of(text: str) -> str | None:
    """The language whose signs occur most in the beginning of a text; the first listed where several do."""
    counts = Counter(number for number, _ in _engine().find(encode(text[:_SAMPLE])).ends)
    if not counts:
        return None
    return _SIGNATURES[max(sorted(counts), key=lambda number: counts[number])][0]
