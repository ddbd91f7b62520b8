// The words by which an object names people: parts of every person's name, and identifiers. After the rule table has done its
// work, what is left is searched for them, because people write names where no table expects them.
// Compared without regard to ASCII case, in the object's own character set. An instance belongs to one object.
#pragma once

#include <set>
#include <string>
#include <string_view>

class DcmItem;

namespace cxr {

class IdentityWords {
  public:
    // From a data set as it came, nested items included. Words of safe_words.txt do not count.
    static IdentityWords of(DcmItem& original);

    [[nodiscard]] bool occurIn(std::string_view text) const;
    // For numbers, which hold any few digits by chance: the whole value is an identifier.
    [[nodiscard]] bool isIdentifier(std::string_view number) const;
    [[nodiscard]] std::size_t count() const { return m_names.size() + m_numbers.size(); }

  private:
    void collect(DcmItem& item);
    void addName(std::string_view name);
    void addNumber(std::string_view number);

    std::set<std::string> m_names;    // upper case, 3 letters or more; found as whole words
    std::set<std::string> m_numbers;  // upper case, 4 characters or more; found anywhere
};

}  // namespace cxr
