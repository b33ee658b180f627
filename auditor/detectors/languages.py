# SPDX-License-Identifier: Apache-2.0
"""Programming languages: how fences name them, and what their sources look like."""

import re
from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {
    **{name: "Python" for name in ("python", "py", "python3", "pycon", "ipython")},
    **{name: "JavaScript" for name in ("javascript", "js", "jsx", "node", "mjs")},
    **{name: "TypeScript" for name in ("typescript", "ts", "tsx")},
    **{name: "Shell" for name in ("bash", "sh", "shell", "zsh", "console", "fish", "ksh")},
    **{name: "C++" for name in ("cpp", "c++", "cc", "cxx", "hpp")},
    **{name: "C#" for name in ("csharp", "cs", "c#")},
    **{name: "Objective-C" for name in ("objc", "objective-c", "objectivec")},
    **{name: "PowerShell" for name in ("powershell", "ps1", "pwsh")},
    **{name: "HCL" for name in ("hcl", "terraform", "tf")},
    **{name: "Rust" for name in ("rust", "rs")},
    **{name: "Ruby" for name in ("ruby", "rb")},
    **{name: "Kotlin" for name in ("kotlin", "kt")},
    **{name: "Haskell" for name in ("haskell", "hs")},
    **{name: "Elixir" for name in ("elixir", "ex", "exs")},
    **{name: "MATLAB" for name in ("matlab", "octave")},
    **{name: "F#" for name in ("fsharp", "f#", "fs")},
    **{name: "Visual Basic" for name in ("vb", "vbnet", "vba", "vbscript")},
    **{name: "Assembly" for name in ("asm", "assembly", "nasm")},
    **{
        name.lower(): name
        for name in (
            "C Java Go Swift Scala Perl R Lua PHP SQL Dart Groovy Clojure Erlang Julia Fortran COBOL Pascal Ada OCaml Lisp "
            "Scheme Prolog Solidity Zig Nim Crystal D Tcl VHDL Verilog Makefile Dockerfile CMake Awk Vala GraphQL Nix Racket"
        ).split()
    },
}
NO_CODE = frozenset(
    "text txt plain plaintext output log json json5 jsonc yaml yml toml ini xml html css scss less md markdown rst tex latex "
    "csv tsv diff http mermaid none".split()
)

_SIGNATURES: tuple[tuple[str, str], ...] = (
    ("PHP", r"<\?php|^\s*(?:public|private) function \w+\(.*\$\w+"),
    (
        "Objective-C",
        r"^\s*@(?:interface|implementation|property|synthesize|end)\b|^[-+]\s*\([\w *]+\)\s*\w+|\[\[?\w+ \w+[:\]]",
    ),
    (
        "C++",
        r"#include <(?:iostream|vector|string|map|memory|algorithm)>|\bstd::\w+|\btemplate\s*<|^\s*using namespace \w+;|\w+::\w+\(",
    ),
    (
        "C#",
        r"^\s*using System(?:\.\w+)*;|^\s*namespace [\w.]+\s*[{;]?|\bConsole\.Write|\bstring\[\] args|\bget;\s*set;",
    ),
    (
        "Java",
        r"^\s*import (?:java|javax|org|com)\.[\w.]+\*?;|\bpublic (?:static )?(?:final )?(?:class|void|interface)\b|System\.out\.",
    ),
    ("Kotlin", r"^\s*(?:data class|fun \w+\(|val \w+\s*[:=]|override fun)\b"),
    ("Scala", r"^\s*(?:object|case class|trait|implicit|sealed trait)\s+\w+|\bdef \w+(?:\[\w+\])?\(.*\):\s*\w+.*="),
    (
        "Swift",
        r"^\s*(?:import (?:UIKit|Foundation|SwiftUI)|func \w+\(.*->|guard let|if let|let \w+(?::\s*\w+)?\s*=|@IBOutlet)\b",
    ),
    ("Go", r"^\s*package \w+\s*$|^func (?:\(\w+ \*?\w+\) )?\w+\(|:=\s|\bfmt\.\w+"),
    (
        "Rust",
        r"\bfn \w+(?:<.*>)?\(|\blet mut\b|^\s*(?:use (?:std|crate)::|impl(?:<.*>)? \w+|pub (?:fn|struct|enum|mod))|println!",
    ),
    (
        "TypeScript",
        r"^\s*(?:export )?(?:interface|type) \w+(?:<.*>)?\s*[={]|:\s*(?:string|number|boolean|void|any)\b\s*[;,)=|]|\bas const\b",
    ),
    (
        "JavaScript",
        r"\b(?:const|let|var) \w+\s*=|=>\s*[{(]|\bfunction\s*\w*\s*\(|\brequire\(['\"]|\bmodule\.exports\b|document\.|console\.log",
    ),
    ("Elixir", r"^\s*(?:defmodule|defp?|@spec|use \w+\.)\b.*(?:\bdo\b|,)|\|>"),
    ("Haskell", r"^\w+ ::\s|^\s*(?:module \w+|import qualified|data \w+ =|instance \w+|where$)"),
    (
        "Ruby",
        r"^\s*(?:require(?:_relative)? ['\"]|attr_\w+|module \w+|def \w+[?!]?(?:\(.*\))?\s*$)|\bdo \|\w+\||\.each\b|^\s*end\s*$",
    ),
    ("Perl", r"^\s*use (?:strict|warnings)|\bmy [$@%]\w+|\$\w+->|^\s*sub \w+\s*\{|=~"),
    (
        "Shell",
        r"^#!.*\b(?:ba|z|k)?sh\b|^\s*(?:fi|done|esac)\s*$|\bthen\s*$|\$\{?\w+\}?.*\|\s*\w+|^\s*(?:echo|export|sudo|apt-get|cd|mkdir) ",
    ),
    ("PowerShell", r"\$\w+\s*=.*-\w+|\b(?:Get|Set|New|Write|Import|Remove)-\w+|^\s*param\s*\("),
    ("Lua", r"^\s*local (?:function )?\w+|\bthen\s*$[\s\S]*^\s*end\b|\bfunction \w+[.:]\w+\("),
    ("R", r"<-\s*(?:function|c\(|read|data)|\blibrary\(\w+\)|%>%|\bggplot\("),
    (
        "MATLAB",
        r"^\s*function\s+(?:\[?[\w, ]+\]?\s*=\s*)?\w+\(|^\s*%\s|\bend\s*$[\s\S]*;\s*$|\b(?:zeros|ones|plot|disp|figure)\(",
    ),
    ("HCL", r"^\s*(?:resource|variable|provider|module|output|data|terraform|locals)\s+(?:\"[\w-]+\"\s*){0,2}\{"),
    (
        "SQL",
        r"^\s*(?:SELECT|INSERT INTO|CREATE (?:TABLE|VIEW|INDEX)|ALTER TABLE|UPDATE \w+ SET|DELETE FROM|DROP TABLE)\b",
    ),
    (
        "Python",
        r"^\s*(?:def \w+\(.*\)\s*(?:->.*)?:|class \w+(?:\(.*\))?:|from [\w.]+ import|import \w+|elif .*:|if __name__)|\bself\.\w+|^\s*print\b",
    ),
    (
        "C",
        r"#include\s*[<\"]\w+[\w/.]*\.h[>\"]|^\s*(?:static |unsigned |const |struct )*(?:int|void|char|double|float|long)\s+\*?\w+\(|->\w+|\bsizeof\(",
    ),
    ("Makefile", r"^[\w.%/-]+:(?: [\w.%/$()-]+)*\n\t\S"),
    ("Clojure", r"^\s*\((?:ns|defn?|let|fn|require)\b"),
    ("Lisp", r"^\s*\((?:defun|defvar|setq|define|lambda|let)\b"),
    ("Erlang", r"^-(?:module|export)\(|^\w+\(.*\)\s*->"),
    ("Dart", r"import 'package:|\bWidget build\("),
    ("Julia", r"^\s*using \w+|^\s*function \w+\(.*\)\s*$|\bend\s*$"),
    ("Fortran", r"^\s*(?:SUBROUTINE|PROGRAM|INTEGER|REAL|IMPLICIT NONE)\b"),
    ("Pascal", r"^\s*(?:unit|program|procedure|begin|uses)\b.*;?$"),
    ("OCaml", r"^\s*let (?:rec )?\w+.*=\s*$|\bmatch \w+ with\b"),
)
_COMPILED = tuple((name, re.compile(sign, re.MULTILINE)) for name, sign in _SIGNATURES)
_SAMPLE = 6_000


def language_of(text: str) -> str | None:
    """The language whose signs occur most in the beginning of a text; the first listed where several do."""
    sample = text[:_SAMPLE]
    counts = {name: len(sign.findall(sample)) for name, sign in _COMPILED}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else None
