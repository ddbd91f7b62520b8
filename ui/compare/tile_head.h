// TileHead: what a tile shows, chosen in two lists: which picture, and by which method its map is made. Shared by the compare
// window and the relief view.
//   thread rule  GUI thread only
#pragma once

#include <QWidget>
#include <vector>

#include "ui/compare/tile_choice.h"
#include "ui/state/explanations.h"

class QComboBox;

namespace cxr::ui {

// A film of the list beside the one on screen.
struct OtherFilm {
    QString path, title;
};

class TileHead : public QWidget {
    Q_OBJECT
  public:
    // What the list offers beside the film and its maps.
    enum class Offer { MapsOnly, Everything };

    // The lists are named `prefix` + "Source" and "Method" + `number`.
    TileHead(int number, const QString& prefix, Offer offer, Explanations& explanations, QWidget* parent = nullptr);

    // Another film, other findings, other films in the list: what the reader chose stays, or comes back, where it exists.
    void fill(const std::vector<OtherFilm>& others = {}, const QString& film = {});  // `film`: what the one on screen is called
    [[nodiscard]] const TileChoice& choice() const { return m_choice; }
    // False, and nothing changes: the list has no such picture.
    bool choose(const TileChoice& choice);

  Q_SIGNALS:
    void chosen();          // another choice, by the reader
    void methodReplaced();  // the pack, now known, does not allow the chosen one

  private:
    void fillSources(const std::vector<OtherFilm>& others, const QString& film);
    bool fillMethods();
    void onSource();
    void onMethod();

    int m_number;
    Offer m_offer;
    Explanations& m_explanations;
    TileChoice m_choice;  // what is shown
    TileChoice m_wanted;  // what the reader chose: comes back when a film has it again
    QComboBox *m_source, *m_method;
};

}  // namespace cxr::ui
