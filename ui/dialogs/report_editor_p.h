// Inside of ReportEditor: report_editor.cpp (what happens) and report_editor_build.cpp (how it looks).
#pragma once

#include <QTimer>
#include <memory>
#include <vector>

#include "core/report/report_templates.h"
#include "ui/dialogs/report_editor.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace cxr::ui {

class ReportPreview;

class ReportEditor::Private {
  public:
    Private(ReportEditor* editor, ExportContext given, QString file) : q(editor), context(std::move(given)), templatesFile(std::move(file)) {}

    // report_editor_build.cpp
    void build();
    QWidget* buildForm();
    QWidget* buildTemplates();
    QLineEdit* line(const char* name, const QString& label, const QString& toolTip);
    QPushButton* button(const char* name, const QString& text, const QString& toolTip);

    // report_editor.cpp
    void readOwn();
    void fillTemplates();
    void onLanguage();
    void onTemplate();      // makes a report for its tooltip: not while somebody types
    void onTemplateName();  // or the impression, which are what a template of one's own is made from
    void insertTemplate();
    void saveTemplate();
    void deleteTemplate();
    void storeOwn();
    void changed();
    void showPages();
    void say(const QString& sentence);
    [[nodiscard]] Report report() const;  // without pictures
    [[nodiscard]] const ReportTemplate* chosen() const;
    [[nodiscard]] bool isOwnChosen() const;

    ReportEditor* q;
    ExportContext context;
    QString templatesFile;
    std::vector<ReportTemplate> own;
    bool isOwnUsable = true;  // false: the file is damaged, nothing is written over it
    std::shared_ptr<void> painted;  // the picture, made once by the first worker
    QTimer delay;
    QComboBox *language = nullptr, *templates = nullptr;
    QLineEdit *question = nullptr, *comparison = nullptr, *reader = nullptr, *templateName = nullptr;
    QPlainTextEdit* impression = nullptr;
    QPushButton *insert = nullptr, *save = nullptr, *remove = nullptr;
    QLabel* message = nullptr;
    ReportPreview* preview = nullptr;
    bool isFilling = false;
};

}  // namespace cxr::ui
