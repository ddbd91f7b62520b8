// HelpWindow: the manual (resources/help, one HTML file per chapter) with contents, search and history.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <memory>

namespace cxr::ui {

class HelpWindow : public QWidget {
    Q_OBJECT
  public:
    explicit HelpWindow(QWidget* parent = nullptr);
    ~HelpWindow() override;

    // "measuring" or "measuring#limits": file name of a chapter without suffix, then an anchor. Unknown: first chapter.
    void showChapter(const QString& chapter);
    // Names of the chapters in reading order.
    [[nodiscard]] static QStringList chapters();

  protected:
    void changeEvent(QEvent* event) override;  // colours follow the theme
    void keyPressEvent(QKeyEvent* event) override;

  private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace cxr::ui
