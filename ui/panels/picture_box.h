// PictureBox: shows a picture as large as the box allows, proportions kept.
//   thread rule  GUI thread only
#pragma once

#include <QImage>
#include <QWidget>

namespace cxr::ui {

class PictureBox : public QWidget {
    Q_OBJECT
  public:
    explicit PictureBox(const QString& objectName, QWidget* parent = nullptr);

    void setImage(const QImage& image);
    [[nodiscard]] const QImage& image() const { return m_image; }

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    QImage m_image;
    QImage m_scaled;  // for the present size
};

}  // namespace cxr::ui
