// ReportEditor: see report_editor.h.
#include "ui/dialogs/report_editor.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <map>
#include <mutex>
#include <utility>

#include "ui/dialogs/export_job.h"
#include "ui/dialogs/report_editor_p.h"
#include "ui/dialogs/report_preview.h"
#include "ui/print/findings_painter.h"
#include "ui/print/report_pages.h"

namespace cxr::ui {

namespace {

constexpr int kPictureLongSidePx = 1200;

// The film's picture in each language: it does not change otherwise while its report is written.
class OncePainted {
  public:
    std::vector<std::byte> png(const ExportContext& context) {
        const std::lock_guard lock(m_mutex);
        auto& png = m_pngs[context.text.language];
        if (png.empty()) png = toPng(exportPicture(context, kPictureLongSidePx));
        return png;
    }

  private:
    std::mutex m_mutex;
    std::map<ReportLanguage, std::vector<std::byte>> m_pngs;
};

QString trimmed(const QString& text) { return text.trimmed(); }

}  // namespace

ReportEditor::ReportEditor(ExportContext context, const QString& templatesFile, const QString& reader, QWidget* parent)
    : QDialog(parent), d(std::make_unique<Private>(this, std::move(context), templatesFile)) {
    setObjectName(QStringLiteral("reportEditor"));
    setWindowTitle(tr("Report"));
    d->build();
    d->delay.setSingleShot(true);
    d->delay.setInterval(kDelayMs);
    connect(&d->delay, &QTimer::timeout, this, [this] { d->showPages(); });
    const ReaderText& text = d->context.text;
    d->isFilling = true;
    d->language->setCurrentIndex(d->language->findData(QString::fromLatin1(codeOf(text.language))));
    d->question->setText(QString::fromStdString(text.question));
    d->comparison->setText(QString::fromStdString(text.comparison));
    d->impression->setPlainText(QString::fromStdString(text.impression));
    d->reader->setText(text.reader.empty() ? reader : QString::fromStdString(text.reader));
    d->isFilling = false;
    d->readOwn();
    d->fillTemplates();
    for (QLineEdit* edit : {d->question, d->comparison, d->reader}) connect(edit, &QLineEdit::textChanged, this, [this] { d->changed(); });
    connect(d->impression, &QPlainTextEdit::textChanged, this, [this] { d->changed(); });
    connect(d->language, &QComboBox::currentIndexChanged, this, [this] { d->onLanguage(); });
    connect(d->templates, &QComboBox::currentIndexChanged, this, [this] { d->onTemplate(); });
    connect(d->templateName, &QLineEdit::textChanged, this, [this] { d->onTemplateName(); });
    connect(d->insert, &QPushButton::clicked, this, [this] { d->insertTemplate(); });
    connect(d->save, &QPushButton::clicked, this, [this] { d->saveTemplate(); });
    connect(d->remove, &QPushButton::clicked, this, [this] { d->deleteTemplate(); });
    d->onTemplate();
    d->impression->setFocus();
    d->showPages();
}

ReportEditor::~ReportEditor() = default;

ReaderText ReportEditor::text() const {
    ReaderText text;
    text.language = languageOfCode(d->language->currentData().toString().toStdString()).value_or(ReportLanguage::English);
    text.question = trimmed(d->question->text()).toStdString();
    text.comparison = trimmed(d->comparison->text()).toStdString();
    text.impression = trimmed(d->impression->toPlainText()).left(static_cast<int>(kMostReaderBytes / 4)).toStdString();
    text.reader = trimmed(d->reader->text()).toStdString();
    return text;
}

Report ReportEditor::Private::report() const {
    ExportContext plain = context;
    plain.text = q->text();
    plain.hasHeatmap = false;
    plain.pictures.clear();
    return reportOf(plain, {}, {});
}

void ReportEditor::Private::readOwn() {
    const auto read = readTemplates(templatesFile.toStdString());
    isOwnUsable = read.isOk();
    if (read) own = read.value();
    if (!read) say(tr("Your own templates: %1.").arg(QString::fromStdString(read.error().message)));
}

// Own ones first, then the built-in ones; the one for what was found is chosen.
void ReportEditor::Private::fillTemplates() {
    const Report made = report();
    const ReportTemplate& suggested = suggestedTemplate(made);
    isFilling = true;
    templates->clear();
    for (const auto* list : {&std::as_const(own), &builtInTemplates()}) {
        for (const ReportTemplate& one : *list) {
            if (one.language == made.text.language) templates->addItem(QString::fromStdString(one.name), QString::fromStdString(one.id));
        }
    }
    templates->setCurrentIndex(std::max(0, templates->findData(QString::fromStdString(suggested.id))));
    isFilling = false;
    onTemplate();
}

const ReportTemplate* ReportEditor::Private::chosen() const {
    return findTemplate(templates->currentData().toString().toStdString(), q->text().language, own);
}

bool ReportEditor::Private::isOwnChosen() const {
    const ReportTemplate* one = chosen();
    return one != nullptr && !own.empty() && one >= own.data() && one < own.data() + own.size();
}

void ReportEditor::Private::onLanguage() {
    fillTemplates();
    changed();
}

void ReportEditor::Private::onTemplate() {
    if (isFilling) return;
    const ReportTemplate* one = chosen();
    templates->setToolTip(one != nullptr ? QString::fromStdString(filled(one->text, report())) : tr("There is no template in this language"));
    insert->setEnabled(one != nullptr);
    remove->setEnabled(isOwnChosen());
    onTemplateName();
}

void ReportEditor::Private::onTemplateName() {
    save->setEnabled(isOwnUsable && !trimmed(templateName->text()).isEmpty() && !q->text().impression.empty());
}

// As an edit of the text, so that Ctrl+Z there takes it back.
void ReportEditor::Private::insertTemplate() {
    const ReportTemplate* one = chosen();
    if (one == nullptr) return;
    QTextCursor cursor(impression->document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(QString::fromStdString(filled(one->text, report())));
    impression->setFocus();
}

void ReportEditor::Private::saveTemplate() {
    const ReaderText text = q->text();
    const std::string name = trimmed(templateName->text()).toStdString();
    std::erase_if(own, [&](const ReportTemplate& one) { return one.name == name && one.language == text.language; });
    if (own.size() >= kMostTemplates) return say(tr("There is no room for more templates; delete one first."));
    own.insert(own.begin(), {name, "", text.language, name, text.impression});
    storeOwn();
    templates->setCurrentIndex(std::max(0, templates->findData(QString::fromStdString(name))));
    templateName->clear();
}

void ReportEditor::Private::deleteTemplate() {
    if (!isOwnChosen()) return;
    own.erase(own.begin() + (chosen() - own.data()));
    storeOwn();
}

void ReportEditor::Private::storeOwn() {
    const auto written = writeTemplates(own, templatesFile.toStdString());
    say(written ? QString() : tr("The template could not be kept: %1.").arg(QString::fromStdString(written.error().message)));
    fillTemplates();
}

void ReportEditor::Private::changed() {
    if (isFilling) return;
    onTemplateName();
    Q_EMIT q->textEdited(q->text());
    delay.start();
}

void ReportEditor::Private::showPages() {
    if (!painted) painted = std::make_shared<OncePainted>();
    ExportContext shown = context;
    shown.text = q->text();
    preview->showPages([shown = std::move(shown), once = std::static_pointer_cast<OncePainted>(painted)](int widthPx) {
        const Report made = reportOf(shown, {}, once->png(shown));
        return reportPictures(made, widthPx);
    });
}

void ReportEditor::Private::say(const QString& sentence) {
    message->setText(sentence);
    message->setVisible(!sentence.isEmpty());
}

}  // namespace cxr::ui
