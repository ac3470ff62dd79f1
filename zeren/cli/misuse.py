"""What was typed is no command: one sentence in the officer's language instead of the library's English."""

from typing import Any

from typer.exceptions import TyperException

from office.text import Text


def _range(param: Any) -> str:
    """（2000 至 2100） where a number has bounds."""
    bounds = [getattr(param, name, None) for name in ("min", "max")]
    return f"（应为 {bounds[0]} 至 {bounds[1]}）" if None not in bounds else ""


def misused(error: TyperException) -> Text:
    """The sentence for a usage error. The library's classes are private, so errors are told by their names."""
    english = error.format_message().strip()
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "zeren"
    param = getattr(error, "param", None)
    where = param.get_error_hint().strip("'") if param else ""
    match type(error).__name__:
        case "NoArgsIsHelpError":
            return Text(english, english)  # the help itself
        case "MissingParameter":
            said = f"缺少 {where}"
        case "NoSuchOption":
            said = f"没有 {getattr(error, 'option_name', '')} 这个选项"
        case "BadParameter":
            said = f"{where} 的值不对{_range(param)}"
        case "BadOptionUsage":
            said = f"{getattr(error, 'option_name', '')} 后面缺少内容"
        case _ if english.startswith("No such command"):
            said = f"没有 {english.split(chr(39))[1]} 这个命令"
        case _:
            said = f"用法不对（{english}）"
    hint = f"{command} --help"
    return Text(f"{said}。用法见 {hint}", f"{english.rstrip('.')}. See {hint}")
