// ReportEditor: what the reader adds to a film's report, and the report's pages beside it as he types.
//   text       every change is told by textEdited(); who opened the window keeps it (FilmSession, CorrectionKeeper)
//   templates  the built-in ones for what was found, and the reader's own, kept in one file
//   thread rule  GUI thread only; pages are painted in a worker
#pragma once

#include <QDialog>
#include <memory>

#include "core/report/reader_text.h"
#include "ui/dialogs/export_dialog.h"

namespace cxr::ui {

class ReportEditor : public QDialog {
    Q_OBJECT
  public:
    static constexpr int kDelayMs = 300;  // from the last change to the new pages

    // `templatesFile`: may be absent. `reader`: for the line of signature where this film's text has no name yet.
    ReportEditor(ExportContext context, const QString& templatesFile, const QString& reader, QWidget* parent = nullptr);
    ~ReportEditor() override;

    [[nodiscard]] ReaderText text() const;

  Q_SIGNALS:
    void textEdited(const cxr::ReaderText& text);
    void exportWanted();
    void helpWanted(const QString& chapter);

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
