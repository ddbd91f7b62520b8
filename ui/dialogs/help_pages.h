// The manual's text: chapters with titles and sections, and a search over all of it. Chapters are HTML files in the
// program's resources (resources/help).
//   thread rule  GUI thread only (QTextDocument with fonts)
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

namespace cxr::ui {

struct HelpSection {
    QString title;
    QString anchor;  // empty: the chapter's top
};

struct HelpChapter {
    QString name;                       // "measuring": file name without suffix
    QString title;                      // its <h1>
    std::vector<HelpSection> sections;  // its <h2> in order
};

struct HelpHit {
    QString chapter;  // name
    QString anchor;   // of the section it lies in; may be empty
    QString title;    // "Chapter: section"
    QString snippet;  // the sentence around the first word found
};

// Reading order. Every name has a file.
QStringList helpChapterNames();
// "qrc:/help/measuring.html"
QString helpUrl(const QString& chapter);
std::vector<HelpChapter> helpChapters();
// Paragraphs that contain every word of `words` (no case), best first: headings before text. At most 60.
std::vector<HelpHit> searchHelp(const QString& words);

}  // namespace cxr::ui
