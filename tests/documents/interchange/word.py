"""Editing a Word file as Word does: tracked insertions and deletions, and edits without a trace."""

import copy

from documents.files.types import W14, W15, XML, pack_archive, parse_xml, serialise_xml, unpack_archive, w

DAY = "2026-11-25T09:00:00Z"


class WordFile:
    """An open Word file."""

    def __init__(self, content):
        self.parts = unpack_archive(content)
        self.root = parse_xml(self.parts["word/document.xml"])

    def saved(self):
        self.parts["word/document.xml"] = serialise_xml(self.root)
        return pack_archive(self.parts)

    def paragraph(self, words):
        """The first paragraph that shows these words."""
        for one in self.root.iter(w("p")):
            if words in "".join(text.text or "" for text in one.iter(w("t"), w("delText"))):
                return one
        raise AssertionError(f"no paragraph says {words}")

    def _cut(self, words):
        """The runs that say exactly these words, cut out of the runs they stand in."""
        paragraph = self.paragraph(words)
        runs = [run for run in paragraph.iter(w("r")) if run.find(w("t")) is not None]
        shown = "".join(run.find(w("t")).text for run in runs)
        start = shown.index(words)
        end = start + len(words)
        found, place = [], 0
        for run in runs:
            text = run.find(w("t")).text
            first, last = max(start - place, 0), min(end - place, len(text))
            place += len(text)
            if first >= last:
                continue
            run.find(w("t")).text = text[first:last]
            for part, put in ((text[:first], run.addprevious), (text[last:], run.addnext)):
                if part:
                    other = copy.deepcopy(run)
                    other.find(w("t")).text = part
                    other.find(w("t")).set(f"{{{XML}}}space", "preserve")
                    put(other)
            run.find(w("t")).set(f"{{{XML}}}space", "preserve")
            found.append(run)
        return found

    def _tracked(self, name, author, date):
        return self.root.makeelement(w(name), {w("id"): "9", w("author"): author, w("date"): date})

    def delete(self, words, author, date=DAY):
        for run in self._cut(words):
            change = self._tracked("del", author, date)
            run.addprevious(change)
            run.find(w("t")).tag = w("delText")
            change.append(run)

    def insert(self, words, author, *, after, date=DAY):
        run = self._cut(after)[-1]
        change = self._tracked("ins", author, date)
        new = self.root.makeelement(w("r"))
        text = new.makeelement(w("t"), {f"{{{XML}}}space": "preserve"})
        text.text = words
        new.append(text)
        change.append(new)
        place = run.getparent() if run.getparent().tag in {w("ins"), w("del")} else run
        place.addnext(change)

    def replace(self, words, other, author, date=DAY):
        runs = self._cut(words)
        self.insert(other, author, after=words, date=date)
        for run in runs:
            change = self._tracked("del", author, date)
            run.addprevious(change)
            run.find(w("t")).tag = w("delText")
            change.append(run)

    def write_over(self, words, other):
        """Change words without a trace."""
        first, *rest = self._cut(words)
        first.find(w("t")).text = other
        for run in rest:
            run.getparent().remove(run)

    def mark_end(self, words, name, author, date=DAY):
        paragraph = self.paragraph(words)
        properties = paragraph.find(w("pPr"))
        if properties is None:
            properties = paragraph.makeelement(w("pPr"))
            paragraph.insert(0, properties)
        run = properties.find(w("rPr"))
        if run is None:
            run = properties.makeelement(w("rPr"))
            properties.append(run)
        run.insert(0, self._tracked(name, author, date))

    def new_paragraph(self, words, author=None, *, after, date=DAY):
        """A paragraph typed behind another one: the end of that one is what was inserted first."""
        before = self.paragraph(after)
        paragraph = before.makeelement(w("p"))
        properties = before.find(w("pPr"))
        if properties is not None:
            paragraph.append(copy.deepcopy(properties))
        run = paragraph.makeelement(w("r"))
        text = run.makeelement(w("t"), {f"{{{XML}}}space": "preserve"})
        text.text = words
        run.append(text)
        if author:
            change = self._tracked("ins", author, date)
            change.append(run)
            paragraph.append(change)
            self.mark_end(after, "ins", author, date)
        else:
            paragraph.append(run)
        before.addnext(paragraph)

    def delete_paragraph(self, words, author, date=DAY):
        self.delete(words, author, date)
        self.mark_end(words, "del", author, date)

    def comment(self, words, author, *, on, date=DAY):
        """A comment on some words."""
        runs = self._cut(on)
        number = {w("id"): "77"}
        runs[0].addprevious(self.root.makeelement(w("commentRangeStart"), number))
        runs[-1].addnext(self.root.makeelement(w("commentRangeEnd"), number))
        comments = parse_xml(self.parts["word/comments.xml"])
        comment = comments.makeelement(w("comment"), {**number, w("author"): author, w("date"): date})
        paragraph = comment.makeelement(w("p"))
        run = paragraph.makeelement(w("r"))
        text = run.makeelement(w("t"))
        text.text = words
        run.append(text)
        paragraph.append(run)
        comment.append(paragraph)
        comments.append(comment)
        self.parts["word/comments.xml"] = serialise_xml(comments)

    def answer(self, words, other, author, date=DAY):
        """Answer the comment that says some words, as Word does: by a comment that names its parent."""
        comments = parse_xml(self.parts["word/comments.xml"])
        (asked,) = [one for one in comments.iter(w("comment")) if "".join(one.itertext()).strip() == words]
        answer = copy.deepcopy(asked)
        answer.set(w("id"), "78")
        answer.set(w("author"), author)
        answer.set(w("date"), date)
        (text,) = [one for one in answer.iter(w("t")) if one.text == words]
        text.text = other
        (row,) = answer.iter(w("p"))
        parent = row.get(f"{{{W14}}}paraId")
        row.set(f"{{{W14}}}paraId", "000000F1")
        comments.append(answer)
        self.parts["word/comments.xml"] = serialise_xml(comments)
        extended = parse_xml(self.parts["word/commentsExtended.xml"])
        given = {"paraId": "000000F1", "paraIdParent": parent, "done": "0"}
        names = {f"{{{W15}}}{name}": value for name, value in given.items()}
        extended.append(extended.makeelement(f"{{{W15}}}commentEx", names))
        self.parts["word/commentsExtended.xml"] = serialise_xml(extended)

    def accept(self, words):
        """Accept the insertion that says this."""
        for change in self._changes("ins", words):
            for run in reversed(list(change)):
                change.addnext(run)
            change.getparent().remove(change)

    def drop(self, name, words):
        """Take out the change that says this, with its words."""
        for change in self._changes(name, words):
            change.getparent().remove(change)

    def reject(self, words):
        """Reject the deletion that says this."""
        for change in self._changes("del", words):
            for run in reversed(list(change)):
                for text in run.iter(w("delText")):
                    text.tag = w("t")
                change.addnext(run)
            change.getparent().remove(change)

    def _changes(self, name, words):
        return [one for one in self.root.iter(w(name)) if "".join(one.itertext()) == words]

    def split(self, words, author, date=DAY):
        """Press Enter behind the words."""
        run = self._cut(words)[-1]
        paragraph = self.paragraph(words)
        other = copy.deepcopy(paragraph)
        for one in list(other):
            if one.tag != w("pPr"):
                other.remove(one)
        place = run if run.getparent() is paragraph else run.getparent()
        for one in list(place.itersiblings()):
            other.append(one)
        paragraph.addnext(other)
        self.mark_end(words, "ins", author, date)
