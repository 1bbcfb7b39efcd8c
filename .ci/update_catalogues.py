"""Bring locale/{kk,ru}/LC_MESSAGES/django.po in line with the sources; translations are kept.

New messages come in empty, ones no longer asked for go. Nothing is guessed (no fuzzy matches).
"""

import polib
from catalogue_sources import LANGUAGES, ROOT, catalogue, wanted

PLURALS = {
    "kk": "nplurals=2; plural=(n != 1);",
    "ru": (
        "nplurals=4; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 "
        ": n%10==0 || (n%10>=5 && n%10<=9) || (n%100>=11 && n%100<=14)? 2 : 3);"
    ),
}


def main() -> None:
    sources = wanted()
    sources.sort(key=lambda entry: (min(entry.occurrences), entry.msgid, entry.msgctxt or ""))
    for language in LANGUAGES:
        path = catalogue(language)
        old = polib.pofile(str(path)) if path.exists() else polib.POFile()
        new = _merged(language, sources, old)
        path.parent.mkdir(parents=True, exist_ok=True)
        new.save(str(path))
        left = len(new.untranslated_entries())
        print(f"{path.relative_to(ROOT)}: {len(new)} messages, {left} untranslated")


def _merged(language: str, sources: polib.POFile, old: polib.POFile) -> polib.POFile:
    result = polib.POFile(wrapwidth=100)
    result.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for source in sources:
        known = old.find(source.msgid, msgctxt=source.msgctxt or None)
        entry = polib.POEntry(
            msgid=source.msgid,
            msgid_plural=source.msgid_plural,
            msgctxt=source.msgctxt,
            occurrences=sorted(source.occurrences),
            comment=source.comment,
            tcomment=known.tcomment if known else "",
            flags=source.flags,
        )
        if source.msgid_plural:
            forms = int(PLURALS[language].split(";")[0].split("=")[1])
            texts = known.msgstr_plural if known else {}
            entry.msgstr_plural = {number: texts.get(number, "") for number in range(forms)}
        else:
            entry.msgstr = known.msgstr if known else ""
        result.append(entry)
    return result


if __name__ == "__main__":
    main()
