#include "app/cli/film_inputs.h"

#include "core/io/image_reader.h"

namespace cxr::cli {

namespace fs = std::filesystem;

Result<std::vector<fs::path>> filmsOf(const std::vector<std::string>& inputs) {
    std::vector<fs::path> films;
    for (const std::string& input : inputs) {
        std::error_code ignored;
        if (!fs::exists(input, ignored)) return Error{ErrorCode::NotFound, "there is no file or folder " + input};
        if (!fs::is_directory(input, ignored)) {
            films.emplace_back(input);  // named by the user: if it is no film, the reader says why
            continue;
        }
        const std::vector<fs::path> inside = listFilms(input);
        if (inside.empty()) return Error{ErrorCode::NotFound, "there is no film in " + input};
        films.insert(films.end(), inside.begin(), inside.end());
    }
    return films;
}

}  // namespace cxr::cli
