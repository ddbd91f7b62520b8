// PdfWindow: see pdf_window.h.
#include "ui/dialogs/pdf_window.h"

#include <QBuffer>
#include <QHBoxLayout>
#include <QLabel>
#include <QPdfDocument>
#include <QPdfPageNavigator>
#include <QPdfView>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>
#include <algorithm>

namespace cxr::ui {

namespace {

constexpr double kZoomStep = 1.25, kLeastZoom = 0.1, kMostZoom = 8;

QPushButton* makeButton(const QString& name, const QString& text, const QString& toolTip, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setObjectName(name);
    button->setAccessibleName(toolTip);
    button->setToolTip(toolTip);
    button->setProperty("plain", true);
    return button;
}

}  // namespace

PdfWindow::PdfWindow(const CompanionPtr& document, QWidget* parent)
    : QWidget(parent, Qt::Window),
      m_object(document),
      m_bytes(QByteArray::fromRawData(reinterpret_cast<const char*>(document->pdf->bytes.data()),
                                      static_cast<qsizetype>(document->pdf->bytes.size()))),
      m_buffer(new QBuffer(&m_bytes, this)),
      m_document(new QPdfDocument(this)),
      m_view(new QPdfView(this)),
      m_place(new QLabel(this)) {
    setObjectName(QStringLiteral("pdfWindow"));
    const QString title = QString::fromStdString(document->pdf->title);
    setWindowTitle(title.isEmpty() ? tr("Document") : title);
    m_view->setObjectName(QStringLiteral("pdfView"));
    m_view->setAccessibleName(tr("Pages of the document"));
    m_view->setDocument(m_document);
    m_view->setPageMode(QPdfView::PageMode::MultiPage);
    m_view->setZoomMode(QPdfView::ZoomMode::FitToWidth);
    m_place->setObjectName(QStringLiteral("pdfPlace"));
    auto* smaller = makeButton(QStringLiteral("pdfSmaller"), tr("Smaller"), tr("Make the pages smaller"), this);
    auto* larger = makeButton(QStringLiteral("pdfLarger"), tr("Larger"), tr("Make the pages larger"), this);
    auto* fit = makeButton(QStringLiteral("pdfFit"), tr("Fit"), tr("As wide as the window"), this);
    connect(smaller, &QPushButton::clicked, this, [this] { zoomBy(1 / kZoomStep); });
    connect(larger, &QPushButton::clicked, this, [this] { zoomBy(kZoomStep); });
    connect(fit, &QPushButton::clicked, this, [this] { m_view->setZoomMode(QPdfView::ZoomMode::FitToWidth); });
    connect(m_view->pageNavigator(), &QPdfPageNavigator::currentPageChanged, this, &PdfWindow::showPage);
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_place, 1);
    for (auto* button : {smaller, larger, fit}) bar->addWidget(button);
    auto* column = new QVBoxLayout(this);
    column->addLayout(bar);
    column->addWidget(m_view, 1);
    for (const auto key : {QKeySequence::Close, QKeySequence::Cancel})  // Ctrl+W, Esc
        connect(new QShortcut(key, this), &QShortcut::activated, this, &QWidget::close);
    resize(820, 900);
    m_buffer->open(QIODevice::ReadOnly);
    m_document->load(m_buffer);
    showPage();
}

PdfWindow::~PdfWindow() { m_document->close(); }

int PdfWindow::pageCount() const { return m_document->pageCount(); }

QString PdfWindow::problem() const {
    switch (m_document->error()) {
        case QPdfDocument::Error::None:
            return pageCount() > 0 ? QString() : tr("The document has no pages.");
        case QPdfDocument::Error::IncorrectPassword:
        case QPdfDocument::Error::UnsupportedSecurityScheme:
            return tr("The document is locked with a password, which this program does not ask for.");
        default:
            return tr("The document is damaged and cannot be shown.");
    }
}

void PdfWindow::zoomBy(double factor) {
    const double now = m_view->zoomMode() == QPdfView::ZoomMode::Custom ? m_view->zoomFactor() : 1.0;
    m_view->setZoomMode(QPdfView::ZoomMode::Custom);
    m_view->setZoomFactor(std::clamp(now * factor, kLeastZoom, kMostZoom));
}

void PdfWindow::showPage() {
    if (const QString why = problem(); !why.isEmpty()) return m_place->setText(why);
    m_place->setText(tr("Page %1 of %2").arg(m_view->pageNavigator()->currentPage() + 1).arg(pageCount()));
}

}  // namespace cxr::ui
