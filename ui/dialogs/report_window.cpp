// ReportWindow: see report_window.h.
#include "ui/dialogs/report_window.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "core/report/report.h"

namespace cxr::ui {

namespace {

// Shows the text that it is given and loads nothing, whatever stands in it.
class DeafTextView : public QTextBrowser {
  public:
    explicit DeafTextView(QWidget* parent) : QTextBrowser(parent) {
        setOpenLinks(false);
        setOpenExternalLinks(false);
    }
    QVariant loadResource(int, const QUrl&) override { return {}; }
};

QString escaped(const std::string& text) {
    return QString::fromStdString(text).toHtmlEscaped().replace(QLatin1Char('\n'), QStringLiteral("<br/>"));
}

constexpr int kIndentPx = 18;
constexpr int kMostIndents = 16;

}  // namespace

QString reportHtml(const StructuredReport& report) {
    QString html = QStringLiteral("<h2>%1</h2>").arg(escaped(report.title.empty() ? "Report" : report.title));
    QStringList head;
    for (const std::string& part : {report.state, report.facts.creator, report.facts.date}) {
        if (!part.empty()) head << escaped(part);
    }
    html += QStringLiteral("<p>%1</p>").arg(head.join(QStringLiteral(" \u00b7 ")));
    for (const ReportLine& line : report.lines) {
        const QString name = escaped(line.name), value = escaped(line.value);
        const QString words = line.isHeading   ? QStringLiteral("<b>%1</b>").arg(name)
                              : name.isEmpty() ? value
                                               : QStringLiteral("%1: %2").arg(name, value);
        html += QStringLiteral("<p style='margin-top:3px;margin-bottom:3px;margin-left:%1px'>%2</p>")
                    .arg(std::min(line.depth, kMostIndents) * kIndentPx)
                    .arg(words);
    }
    if (report.leftOut > 0) html += QStringLiteral("<p>%1</p>").arg(ReportWindow::tr("and %1 more lines").arg(report.leftOut));
    return html + QStringLiteral("<p><i>%1</i></p>").arg(QString::fromLatin1(kNotDiagnostic));
}

ReportWindow::ReportWindow(const CompanionPtr& document, QWidget* parent)
    : QWidget(parent, Qt::Window), m_text(new DeafTextView(this)), m_find(new QLineEdit(this)) {
    setObjectName(QStringLiteral("reportWindow"));
    const QString title = QString::fromStdString(document->report->title);
    setWindowTitle(title.isEmpty() ? tr("Report") : title);
    m_text->setObjectName(QStringLiteral("reportText"));
    m_text->setAccessibleName(tr("The report, read-only"));
    m_text->setHtml(reportHtml(*document->report));
    m_find->setObjectName(QStringLiteral("reportFind"));
    m_find->setAccessibleName(tr("Find in the report"));
    m_find->setToolTip(tr("Type words and press Enter to find the next place"));
    m_find->setPlaceholderText(tr("Find"));
    connect(m_find, &QLineEdit::returnPressed, this, &ReportWindow::findNext);
    auto* smaller = new QPushButton(tr("Smaller"), this);
    smaller->setObjectName(QStringLiteral("reportSmaller"));
    auto* larger = new QPushButton(tr("Larger"), this);
    larger->setObjectName(QStringLiteral("reportLarger"));
    for (auto* button : {smaller, larger}) {
        button->setAccessibleName(button == smaller ? tr("Smaller text") : tr("Larger text"));
        button->setToolTip(button == smaller ? tr("Make the text smaller") : tr("Make the text larger"));
        button->setProperty("plain", true);
    }
    connect(smaller, &QPushButton::clicked, this, [this] { m_text->zoomOut(1); });
    connect(larger, &QPushButton::clicked, this, [this] { m_text->zoomIn(1); });
    auto* bar = new QHBoxLayout;
    bar->addWidget(m_find, 1);
    bar->addWidget(smaller);
    bar->addWidget(larger);
    auto* column = new QVBoxLayout(this);
    column->addLayout(bar);
    column->addWidget(m_text, 1);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, this, [this] { m_find->setFocus(); });
    for (const auto key : {QKeySequence::Close, QKeySequence::Cancel})  // Ctrl+W, Esc
        connect(new QShortcut(key, this), &QShortcut::activated, this, &QWidget::close);
    resize(720, 760);
}

void ReportWindow::findNext() {
    if (m_text->find(m_find->text())) return;
    m_text->moveCursor(QTextCursor::Start);  // once more from the top
    m_text->find(m_find->text());
}

}  // namespace cxr::ui
