// ReportWindow: a structured report of a study as text, read-only; find, larger, smaller.
//   safe   the report's texts are escaped and shown by a text view that loads nothing and follows no link
//   thread rule  GUI thread only
#pragma once

#include <QWidget>

#include "ui/state/companions.h"

class QLineEdit;
class QTextBrowser;

namespace cxr::ui {

// A report as HTML without anything that a browser would load or run.
QString reportHtml(const StructuredReport& report);

class ReportWindow : public QWidget {
    Q_OBJECT
  public:
    explicit ReportWindow(const CompanionPtr& document, QWidget* parent = nullptr);

  private:
    void findNext();

    QTextBrowser* m_text;
    QLineEdit* m_find;
};

}  // namespace cxr::ui
