// TextBoxView: a film with boxes over it. Dragging adds a box, a click takes the box under it away; Del takes the last one.
//   thread rule  GUI thread only
#pragma once

#include <QImage>
#include <QRect>
#include <QWidget>
#include <vector>

namespace cxr::ui {

class TextBoxView : public QWidget {
    Q_OBJECT
  public:
    explicit TextBoxView(QWidget* parent = nullptr);

    // `picture` may be smaller than the film; boxes are in film pixels. A null picture: nothing to show.
    void setFilm(const QImage& picture, QSize filmSize, const std::vector<QRect>& boxes);
    [[nodiscard]] const std::vector<QRect>& boxes() const { return m_boxes; }

    // Where the film lies in the widget.
    [[nodiscard]] QRectF filmRect() const;
    [[nodiscard]] QRect toFilm(const QRectF& inWidget) const;

    [[nodiscard]] QSize sizeHint() const override { return {420, 420}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, 240}; }

  Q_SIGNALS:
    void boxesEdited(const std::vector<QRect>& boxes);

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    void removeAt(QPointF widgetPoint);
    void edited();

    QImage m_picture;
    QSize m_filmSize;
    std::vector<QRect> m_boxes;
    QPointF m_from, m_to;
    bool m_isDragging = false;
};

}  // namespace cxr::ui
