// PdfWindow: an encapsulated PDF of a study as pages, read-only.
//   safe   drawn by Qt PDF (PDFium), which is built without scripts; links are not followed
//   thread rule  GUI thread only
#pragma once

#include <QWidget>

#include "ui/state/companions.h"

class QBuffer;
class QLabel;
class QPdfDocument;
class QPdfView;

namespace cxr::ui {

class PdfWindow : public QWidget {
    Q_OBJECT
  public:
    explicit PdfWindow(const CompanionPtr& document, QWidget* parent = nullptr);
    ~PdfWindow() override;

    [[nodiscard]] int pageCount() const;
    [[nodiscard]] QString problem() const;  // empty: the pages are shown

  private:
    void zoomBy(double factor);
    void showPage();

    CompanionPtr m_object;  // the document's bytes
    QByteArray m_bytes;     // shares them
    QBuffer* m_buffer;
    QPdfDocument* m_document;
    QPdfView* m_view;
    QLabel* m_place;
};

}  // namespace cxr::ui
