// The random numbers of numpy.random.RandomState, bit for bit: MT19937 seeded by init_genrand, 53-bit doubles, Gaussian
// by the polar method with the second value kept for the next call.
//   Matsumoto and Nishimura, ACM TOMACS 8, 1998 (mt19937ar.c); numpy/random/src/legacy/legacy-distributions.c.
// One generator belongs to one thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

namespace cxr {

class NumpyRandom {
  public:
    explicit NumpyRandom(std::uint32_t seed);  // as RandomState(seed)

    std::uint32_t nextUInt32();
    double nextDouble();    // [0, 1), 53 bits, as random_sample()
    double nextGaussian();  // mean 0, standard deviation 1, as randn()

  private:
    static constexpr int kStateSize = 624;
    void refill();

    std::array<std::uint32_t, kStateSize> m_state{};
    int m_position = kStateSize;
    std::optional<double> m_cachedGaussian;
};

}  // namespace cxr
