// ReportEditor: form at the left, pages at the right.
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/dialogs/report_editor_p.h"
#include "ui/dialogs/report_preview.h"
#include "ui/panels/panel_parts.h"

namespace cxr::ui {

namespace {

constexpr int kLongestLine = 300;
constexpr int kFormWidth = 360;

}  // namespace

QLineEdit* ReportEditor::Private::line(const char* name, const QString& label, const QString& toolTip) {
    auto* edit = new QLineEdit(q);
    edit->setObjectName(QLatin1String(name));
    edit->setAccessibleName(label);
    edit->setToolTip(toolTip);
    edit->setMaxLength(kLongestLine);
    return edit;
}

QPushButton* ReportEditor::Private::button(const char* name, const QString& text, const QString& toolTip) {
    auto* push = new QPushButton(text, q);
    push->setObjectName(QLatin1String(name));
    push->setAccessibleName(QString(text).remove(QLatin1Char('&')));
    push->setToolTip(toolTip);
    push->setAutoDefault(false);
    return push;
}

void ReportEditor::Private::build() {
    auto* outer = new QVBoxLayout(q);
    auto* row = new QHBoxLayout;
    row->addWidget(buildForm());
    preview = new ReportPreview(q);
    row->addWidget(preview, 1);
    outer->addLayout(row, 1);
    auto* buttons = new QDialogButtonBox(q);
    auto* write = button("reportSave", tr("&Save report\u2026"), tr("Write PDF, HTML, DICOM objects or values to files"));
    auto* help = button("reportHelp", tr("Help"), tr("Open the manual's chapter on reports"));
    buttons->addButton(write, QDialogButtonBox::ActionRole);
    buttons->addButton(help, QDialogButtonBox::HelpRole);
    QPushButton* close = buttons->addButton(QDialogButtonBox::Close);
    close->setObjectName(QStringLiteral("reportClose"));
    close->setAccessibleName(tr("Close"));
    close->setToolTip(tr("Close; what you wrote stays with the film"));
    close->setAutoDefault(false);
    QObject::connect(write, &QPushButton::clicked, q, &ReportEditor::exportWanted);
    QObject::connect(help, &QPushButton::clicked, q, [this] { Q_EMIT q->helpWanted(QStringLiteral("reports")); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, q, &QDialog::reject);
    outer->addWidget(buttons);
    q->resize(1180, 820);
}

QWidget* ReportEditor::Private::buildForm() {
    auto* form = new QWidget(q);
    form->setFixedWidth(kFormWidth);
    auto* column = new QVBoxLayout(form);
    column->setContentsMargins(0, 0, 0, 0);
    language = new QComboBox(form);
    language->setObjectName(QStringLiteral("reportLanguage"));
    language->setAccessibleName(tr("Language of the report"));
    language->setToolTip(tr("Language of the program's words on the pages; your own words stay as you write them"));
    for (const ReportLanguage one : kReportLanguages) language->addItem(QString::fromUtf8(nameOf(one)), QString::fromLatin1(codeOf(one)));
    question = line("reportQuestion", tr("Clinical question"), tr("Why the film was made; stands above the impression"));
    comparison = line("reportComparison", tr("Comparison"), tr("Which earlier films you compared it with"));
    reader = line("reportReader", tr("Reader"), tr("Name on the line of signature; a signature by hand makes the report final"));
    impression = new QPlainTextEdit(form);
    impression->setObjectName(QStringLiteral("reportImpression"));
    impression->setAccessibleName(tr("Impression"));
    impression->setToolTip(tr("Your impression, in your words; it is printed as it stands here"));
    impression->setTabChangesFocus(true);
    auto* fields = new QFormLayout;
    fields->addRow(tr("&Language"), language);
    fields->addRow(tr("Clinical &question"), question);
    fields->addRow(tr("&Comparison"), comparison);
    column->addLayout(fields);
    column->addWidget(buildTemplates());
    auto* title = new QLabel(tr("&Impression"), form);
    title->setBuddy(impression);
    column->addWidget(title);
    column->addWidget(impression, 1);
    auto* last = new QFormLayout;
    last->addRow(tr("&Reader"), reader);
    column->addLayout(last);
    message = wrappedText(QStringLiteral("reportMessage"), form);
    message->setVisible(false);
    column->addWidget(message);
    auto* hint = wrappedText(QStringLiteral("reportHint"), form);
    hint->setText(tr("What you write is printed as it is, with a pseudonym too: leave names out where the report must not have them. "
                     "It is kept with the film until Settings forgets it."));
    hint->setProperty("quiet", true);
    column->addWidget(hint);
    return form;
}

QWidget* ReportEditor::Private::buildTemplates() {
    auto* box = new QWidget(q);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 6, 0, 6);
    column->addWidget(sectionTitle(tr("Template"), box));
    templates = new QComboBox(box);
    templates->setObjectName(QStringLiteral("reportTemplate"));
    templates->setAccessibleName(tr("Template of the impression"));
    insert = button("insertTemplate", tr("&Use"), tr("Replace the impression by this template, its places filled; Ctrl+Z in the text takes it back"));
    auto* first = new QHBoxLayout;
    first->addWidget(templates, 1);
    first->addWidget(insert);
    QStringList places;
    for (const std::string& place : templatePlaces()) places << QString::fromStdString(place);
    templateName = line("templateName", tr("Name of a template of your own"),
                        tr("Name under which the impression below is kept as a template. Places that reports fill: %1").arg(places.join(QLatin1Char(' '))));
    templateName->setPlaceholderText(tr("Name of your own template"));
    save = button("saveTemplate", tr("&Keep"), tr("Keep the impression below as a template under this name"));
    remove = button("deleteTemplate", tr("&Delete"), tr("Delete the chosen template; only your own can be deleted"));
    auto* second = new QHBoxLayout;
    second->addWidget(templateName, 1);
    second->addWidget(save);
    second->addWidget(remove);
    column->addLayout(first);
    column->addLayout(second);
    return box;
}

}  // namespace cxr::ui
