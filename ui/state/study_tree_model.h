// StudyTreeModel: FilmListState as a tree for a view: patient, study, series, film or companion; pictures without a header
// together; at the end what cannot be used, with the reason.
//   A series of one object is not shown as a level of its own: its object carries the series' words.
//   filter  words, all of which must occur in a node or the nodes above it; a node with a match below it stays
//   thread rule  GUI thread only
#pragma once

#include <QAbstractItemModel>
#include <QHash>
#include <memory>

#include "ui/state/film_list_state.h"

namespace cxr::ui {

enum class StudyNodeKind { Patient, Study, Series, Film, Companion, Group, Unusable };

class StudyTreeModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Role { NodeKindRole = Qt::UserRole + 1, PathRole, FactsRole, ResultRole, ErrorRole, StatusRole, ObjectKindRole, KeyRole };

    explicit StudyTreeModel(FilmListState& films, QObject* parent = nullptr);
    ~StudyTreeModel() override;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

    void setFilter(const QString& text);
    [[nodiscard]] QModelIndex indexOf(const QString& path) const;  // of a film or companion; invalid: none, or filtered out
    // The films and companions at and below a node.
    [[nodiscard]] QStringList pathsUnder(const QModelIndex& index) const;

  private:
    struct Node;
    void rebuild();
    void addPatients();
    void addPictures();
    void addUnusable();
    Node& add(Node& parent, StudyNodeKind kind, const QString& key, const QString& title, const QString& facts);
    void addObject(Node& parent, const StudyObject& object, const QString& title);
    bool prune(Node& node, const QString& above);
    void remember(Node& node);
    [[nodiscard]] QModelIndex indexFor(const Node& node) const;
    [[nodiscard]] Node& nodeAt(const QModelIndex& index) const;
    [[nodiscard]] QVariant filmData(const Node& node, int role) const;

    FilmListState& m_films;
    std::unique_ptr<Node> m_root;
    QHash<QString, Node*> m_places;  // by path
    QStringList m_words;
};

}  // namespace cxr::ui
