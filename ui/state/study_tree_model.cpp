// StudyTreeModel: see study_tree_model.h.
#include "ui/state/study_tree_model.h"

#include <QRegularExpression>
#include <algorithm>

namespace cxr::ui {

struct StudyTreeModel::Node {
    StudyNodeKind kind = StudyNodeKind::Group;
    Node* parent = nullptr;
    int place = 0;  // among its siblings
    QString key;    // stays when the tree is built anew
    QString title, facts;
    QString path, origin, error;
    ObjectKind objectKind = ObjectKind::Film;
    std::vector<std::unique_ptr<Node>> children;
};

namespace {

QString textOf(const std::string& text) { return QString::fromStdString(text); }

QString objectsText(std::size_t count) { return count == 1 ? StudyTreeModel::tr("1 object") : StudyTreeModel::tr("%1 objects").arg(count); }
QString filesText(std::size_t count) { return count == 1 ? StudyTreeModel::tr("1 file") : StudyTreeModel::tr("%1 files").arg(count); }

// "PA", "DX film 2": what tells the objects of one series apart.
QString objectTitle(const StudyObject& object) {
    QStringList parts;
    if (object.view != ViewPosition::Unknown) parts << QString(toString(object.view));
    if (!object.study.modality.empty()) parts << textOf(object.study.modality);
    const QString kind = object.instanceNumber ? StudyTreeModel::tr("image %1").arg(*object.instanceNumber) : StudyTreeModel::tr("image");
    return (parts << kind).join(' ');
}

QString companionTitle(const StudyObject& object) {
    QString kind = textOf(kindName(object));
    if (!kind.isEmpty()) kind[0] = kind[0].toUpper();
    return kind;
}

QString companionFacts(const StudyObject& object) {
    QStringList parts;
    for (const std::string& text : {object.description.empty() ? object.study.seriesDescription : object.description, dateOf(object), object.name}) {
        if (!text.empty()) parts << textOf(text);
    }
    return parts.join(QStringLiteral(" \u00b7 "));
}

}  // namespace

StudyTreeModel::StudyTreeModel(FilmListState& films, QObject* parent) : QAbstractItemModel(parent), m_films(films) {
    connect(&films, &FilmListState::treeChanged, this, &StudyTreeModel::rebuild);
    connect(&films, &FilmListState::rowChanged, this, [this](int row) {
        const QModelIndex changed = indexOf(m_films.row(row).path);
        if (changed.isValid()) Q_EMIT dataChanged(changed, changed);
    });
    rebuild();
}

StudyTreeModel::~StudyTreeModel() = default;

void StudyTreeModel::setFilter(const QString& text) {
    const QStringList words = text.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts);
    if (words == m_words) return;
    m_words = words;
    rebuild();
}

void StudyTreeModel::rebuild() {
    beginResetModel();
    m_root = std::make_unique<Node>();
    addPatients();
    addPictures();
    addUnusable();
    if (!m_words.isEmpty()) prune(*m_root, {});
    m_places.clear();
    remember(*m_root);
    endResetModel();
}

StudyTreeModel::Node& StudyTreeModel::add(Node& parent, StudyNodeKind kind, const QString& key, const QString& title, const QString& facts) {
    auto node = std::make_unique<Node>();
    node->kind = kind;
    node->parent = &parent;
    node->key = parent.key + '/' + key;
    node->title = title;
    node->facts = facts;
    parent.children.push_back(std::move(node));
    return *parent.children.back();
}

void StudyTreeModel::addObject(Node& parent, const StudyObject& object, const QString& title) {
    const bool isFilm = object.kind == ObjectKind::Film;
    const QString path = textOf(object.file.string());
    Node& node = add(parent, isFilm ? StudyNodeKind::Film : StudyNodeKind::Companion, path, isFilm ? title : companionTitle(object),
                     isFilm ? QString() : companionFacts(object));
    node.path = path;
    node.origin = textOf(object.origin);
    node.objectKind = object.kind;
}

void StudyTreeModel::addPatients() {
    for (const PatientNode& patient : m_films.tree().patients) {
        const QString id = textOf(patient.first().patientIdIssuer + "|" + patient.first().patient.id + "|" + patientTitle(patient));
        Node& patientNode = add(*m_root, StudyNodeKind::Patient, id, textOf(patientTitle(patient)), textOf(patientFacts(patient)));
        for (const StudyNode& study : patient.studies) {
            const QString uid = textOf(study.first().study.studyInstanceUid + "|" + study.first().study.studyDate);
            Node& studyNode = add(patientNode, StudyNodeKind::Study, uid, textOf(studyDate(study)), textOf(studyFacts(study)));
            for (const SeriesNode& series : study.series) {
                const std::string& words = series.first().study.seriesDescription;
                const bool isAlone = series.objects.size() == 1;
                Node& place = isAlone ? studyNode
                                      : add(studyNode, StudyNodeKind::Series, textOf(series.first().study.seriesInstanceUid), textOf(seriesTitle(series)),
                                            objectsText(series.objects.size()));
                for (const StudyObject& object : series.objects) {
                    addObject(place, object, isAlone && !words.empty() ? textOf(words) : objectTitle(object));
                }
            }
        }
    }
}

void StudyTreeModel::addPictures() {
    const auto& pictures = m_films.tree().pictures;
    if (pictures.empty()) return;
    // Alone they need no heading.
    Node& group = m_films.tree().patients.empty() ? *m_root
                                                  : add(*m_root, StudyNodeKind::Group, QStringLiteral("pictures"), tr("Other films"),
                                                        filesText(pictures.size()));
    for (const StudyObject& picture : pictures) addObject(group, picture, textOf(picture.name));
}

void StudyTreeModel::addUnusable() {
    const auto& files = m_films.unusable();
    if (files.empty()) return;
    Node& group = add(*m_root, StudyNodeKind::Group, QStringLiteral("unusable"), tr("Not shown"), filesText(files.size()));
    for (const UnusableFile& file : files) {
        Node& node = add(group, StudyNodeKind::Unusable, textOf(file.origin), textOf(file.name), textOf(file.reason));
        node.origin = textOf(file.origin);
        node.error = textOf(file.reason);
    }
}

// True: the node or one below it has all words, counting those of the nodes above.
bool StudyTreeModel::prune(Node& node, const QString& above) {
    const QString text = above + ' ' + node.title + ' ' + node.facts + ' ' + node.origin;
    const bool matches = std::all_of(m_words.begin(), m_words.end(), [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
    if (matches && node.parent) return true;
    std::erase_if(node.children, [&](const std::unique_ptr<Node>& child) { return !prune(*child, text); });
    return !node.children.empty();
}

void StudyTreeModel::remember(Node& node) {
    if (!node.path.isEmpty()) m_places.insert(node.path, &node);
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        node.children[i]->place = static_cast<int>(i);
        remember(*node.children[i]);
    }
}

StudyTreeModel::Node& StudyTreeModel::nodeAt(const QModelIndex& index) const {
    return index.isValid() ? *static_cast<Node*>(index.internalPointer()) : *m_root;
}

QModelIndex StudyTreeModel::indexFor(const Node& node) const {
    return &node == m_root.get() ? QModelIndex() : createIndex(node.place, 0, const_cast<Node*>(&node));
}

QModelIndex StudyTreeModel::index(int row, int column, const QModelIndex& parent) const {
    const Node& node = nodeAt(parent);
    if (column != 0 || row < 0 || row >= static_cast<int>(node.children.size())) return {};
    return createIndex(row, 0, node.children[static_cast<std::size_t>(row)].get());
}

QModelIndex StudyTreeModel::parent(const QModelIndex& index) const {
    return index.isValid() ? indexFor(*nodeAt(index).parent) : QModelIndex();
}

int StudyTreeModel::rowCount(const QModelIndex& parent) const { return static_cast<int>(nodeAt(parent).children.size()); }
int StudyTreeModel::columnCount(const QModelIndex&) const { return 1; }

QModelIndex StudyTreeModel::indexOf(const QString& path) const {
    const Node* node = m_places.value(path, nullptr);
    return node ? indexFor(*node) : QModelIndex();
}

QStringList StudyTreeModel::pathsUnder(const QModelIndex& index) const {
    QStringList paths;
    const Node& node = nodeAt(index);
    if (!node.path.isEmpty()) paths << node.path;
    for (int row = 0; row < rowCount(index); ++row) paths << pathsUnder(this->index(row, 0, index));
    return paths;
}

// What FilmListState knows of a film by now.
QVariant StudyTreeModel::filmData(const Node& node, int role) const {
    const int row = m_films.rowOf(node.path);
    if (row < 0) return {};
    const FilmRow& film = m_films.row(row);
    switch (role) {
        case Qt::DecorationRole: return film.thumbnail;
        case FactsRole: return film.facts;
        case ResultRole: return film.result;
        case ErrorRole: return film.error;
        case StatusRole: return static_cast<int>(film.status);
        default: return {};
    }
}

QVariant StudyTreeModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Node& node = nodeAt(index);
    switch (role) {
        case Qt::DisplayRole: return node.title;
        case NodeKindRole: return static_cast<int>(node.kind);
        case PathRole: return node.path;
        case ObjectKindRole: return static_cast<int>(node.objectKind);
        case KeyRole: return node.key;
        case Qt::ToolTipRole: {
            const QString error = node.kind == StudyNodeKind::Film ? filmData(node, ErrorRole).toString() : node.error;
            return QStringList{node.origin.isEmpty() ? node.title + '\n' + node.facts : node.origin, error}.filter(QRegularExpression(".")).join('\n');
        }
        case Qt::AccessibleTextRole: {
            const QString facts = data(index, FactsRole).toString();
            return QStringList{node.title, facts, filmData(node, ResultRole).toString(), filmData(node, ErrorRole).toString()}.filter(QRegularExpression(".")).join(", ");
        }
        default: break;
    }
    if (node.kind == StudyNodeKind::Film) return filmData(node, role);
    if (role == FactsRole) return node.facts;
    if (role == ErrorRole) return node.error;
    return {};
}

}  // namespace cxr::ui
