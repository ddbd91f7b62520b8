// Small parts that the panels and dialogs share: cards, section titles, key-value rows, wrapped selectable text.
//   thread rule  GUI thread only
#pragma once

#include <QFrame>
#include <QLabel>
#include <vector>

class QGridLayout;

namespace cxr::ui {

// A quiet rounded box in the palette's alternate ground with a thin edge.
class Card : public QFrame {
    Q_OBJECT
  public:
    explicit Card(const QString& objectName, QWidget* parent = nullptr);

  protected:
    void paintEvent(QPaintEvent* event) override;
};

// Text that wraps, can be selected with mouse and keyboard, and asks for the height that its width needs.
QLabel* wrappedText(const QString& objectName, QWidget* parent);
// The wheel scrolls the panel: sliders, spin boxes and lists below `root` take it only while they have the focus, so that no
// value changes under a mouse that passes. Call once all of them are there.
void leaveWheelToPanel(QWidget* root);
// Small semibold heading above a group of rows.
QLabel* sectionTitle(const QString& text, QWidget* parent);

// Two columns, "Heart width  143 mm". A row with an empty value hides.
class FactRows : public QWidget {
    Q_OBJECT
  public:
    explicit FactRows(const QString& objectName, QWidget* parent = nullptr);

    // Values are found by objectName; the key's text also becomes the start of the value's accessible name.
    void addRow(const QString& objectName, const QString& key, const QString& toolTip = {});
    void setValue(const QString& objectName, const QString& value, const QString& toolTip = {});
    [[nodiscard]] QString value(const QString& objectName) const;

  private:
    struct Row {
        QLabel* key;
        QLabel* value;
        QString defaultToolTip;
    };
    [[nodiscard]] static QString tipOf(const Row& row, const QString& toolTip);
    [[nodiscard]] static bool isShown(const Row& row, const QString& text, const QString& toolTip);
    static void show(const Row& row, const QString& text, const QString& toolTip);

    QGridLayout* m_grid;
    std::vector<Row> m_rows;
};

}  // namespace cxr::ui
