// The manual's text, read from the resources.
#include "ui/dialogs/help_pages.h"

#include <QCoreApplication>
#include <QFile>
#include <QTextBlock>
#include <QTextDocument>
#include <algorithm>

// Resources of a static library are linked in by name, outside any namespace.
static void initHelpResources() { Q_INIT_RESOURCE(help); }

namespace cxr::ui {

namespace {

constexpr std::size_t kMostHits = 60;
constexpr int kSnippetLength = 140;

void readChapter(const QString& name, QTextDocument& document) {
    QFile file(QStringLiteral(":/help/%1.html").arg(name));
    if (file.open(QIODevice::ReadOnly)) document.setHtml(QString::fromUtf8(file.readAll()));
}

// The first anchor that the block's text carries: <a name="..."> inside a heading.
QString anchorOf(const QTextBlock& block) {
    for (auto part = block.begin(); !part.atEnd(); ++part) {
        const QStringList names = part.fragment().charFormat().anchorNames();
        if (!names.isEmpty()) return names.first();
    }
    return {};
}

bool containsAll(const QString& text, const QStringList& words) {
    return std::all_of(words.begin(), words.end(),
                       [&](const QString& w) { return text.contains(w, Qt::CaseInsensitive); });
}

QString snippetOf(const QString& text, const QString& word) {
    const qsizetype at = std::max<qsizetype>(0, text.indexOf(word, 0, Qt::CaseInsensitive) - kSnippetLength / 3);
    const qsizetype start = at == 0 ? 0 : text.indexOf(QLatin1Char(' '), at) + 1;
    QString snippet = text.mid(start, kSnippetLength).simplified();
    if (start > 0) snippet.prepend(QStringLiteral("… "));
    if (start + kSnippetLength < text.size()) snippet.append(QStringLiteral(" …"));
    return snippet;
}

void searchChapter(const QString& name, const QStringList& words, std::vector<HelpHit>& headings,
                   std::vector<HelpHit>& texts) {
    QTextDocument document;
    readChapter(name, document);
    QString chapter, section, anchor;
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        const int level = block.blockFormat().headingLevel();
        const QString text = block.text();
        if (level == 1) chapter = text.simplified();
        if (level == 2) section = text.simplified(), anchor = anchorOf(block);
        if (!containsAll(text, words)) continue;
        const QString title = section.isEmpty() ? chapter : chapter + QStringLiteral(": ") + section;
        (level > 0 ? headings : texts).push_back({name, anchor, title, snippetOf(text, words.first())});
    }
}

}  // namespace

QStringList helpChapterNames() {
    initHelpResources();
    return {QStringLiteral("start"),     QStringLiteral("films"),     QStringLiteral("display"),
            QStringLiteral("keys"),      QStringLiteral("measuring"), QStringLiteral("correcting"),
            QStringLiteral("networks"),  QStringLiteral("overlays"),  QStringLiteral("explanations"), QStringLiteral("heartspot"), QStringLiteral("priorlab"),
            QStringLiteral("exporting"), QStringLiteral("reports"), QStringLiteral("deidentify"), QStringLiteral("pacs"), QStringLiteral("models"),    QStringLiteral("importing"), QStringLiteral("commandline"),
            QStringLiteral("privacy"),   QStringLiteral("troubleshooting")};
}

QString helpUrl(const QString& chapter) { return QStringLiteral("qrc:/help/%1.html").arg(chapter); }

std::vector<HelpChapter> helpChapters() {
    std::vector<HelpChapter> chapters;
    for (const QString& name : helpChapterNames()) {
        QTextDocument document;
        readChapter(name, document);
        HelpChapter chapter{name, name, {}};
        for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
            const int level = block.blockFormat().headingLevel();
            if (level == 1) chapter.title = block.text().simplified();
            if (level == 2) chapter.sections.push_back({block.text().simplified(), anchorOf(block)});
        }
        chapters.push_back(std::move(chapter));
    }
    return chapters;
}

std::vector<HelpHit> searchHelp(const QString& words) {
    const QStringList list = words.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    if (list.isEmpty()) return {};
    std::vector<HelpHit> headings, texts;
    for (const QString& name : helpChapterNames()) searchChapter(name, list, headings, texts);
    headings.insert(headings.end(), texts.begin(), texts.end());
    if (headings.size() > kMostHits) headings.resize(kMostHits);
    return headings;
}

}  // namespace cxr::ui
