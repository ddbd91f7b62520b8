// HeartSpotPreview: the HeartSpot picture in its place on the film, in step with the film view.
//   geometry  the picture covers the film's largest centred square; the rest of the film is outlined only. Zoom is
//             linked relative to "fits the view", so that both views show the same part whatever their sizes
//   loops     following the film view emits nothing; only the user's own moves are passed on
//   mouse     drag pans, wheel zooms to the cursor, double click fits; keys + - = and arrows
//   thread rule  GUI thread only
#pragma once

#include <QImage>
#include <QPointer>
#include <QWidget>

#include "ui/viewport/view_geometry.h"

namespace cxr::ui {

class FilmView;

class HeartSpotPreview : public QWidget {
    Q_OBJECT
  public:
    explicit HeartSpotPreview(QWidget* parent = nullptr);
    ~HeartSpotPreview() override;

    // Size of the film in px; empty: none. Fits it.
    void setFilmSize(QSize size);
    // Square picture of the centre crop; null: the hint is shown instead.
    void setPicture(const QImage& picture);
    [[nodiscard]] const QImage& picture() const { return m_picture; }
    // What to do or wait for; shown while there is no picture.
    void setHint(const QString& hint);
    [[nodiscard]] const QString& hint() const { return m_hint; }
    void link(FilmView* main);

    [[nodiscard]] const ViewGeometry& geometryOfFilm() const { return m_view; }
    // The largest centred square of the film, film px.
    [[nodiscard]] QRectF cropSquare() const;

    [[nodiscard]] QSize sizeHint() const override { return {300, 300}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {160, 160}; }

  protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void follow();  // takes zoom, centre and orientation from the film view
    void lead();    // gives them to it
    [[nodiscard]] bool isLinked() const;
    [[nodiscard]] double mainFitZoom() const;
    void paintPicture(QPainter& painter) const;
    void paintHint(QPainter& painter) const;

    ViewGeometry m_view;
    QImage m_picture;
    QString m_hint;
    QPointer<FilmView> m_main;
    QPointF m_dragFrom;
    bool m_isLeading = false;
};

}  // namespace cxr::ui
