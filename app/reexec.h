// Starts this program once more with a sane OpenMP wait policy, as the first thing in main().
//
// Idle OpenMP threads spin: two programs with two threads each on two cores run 10-70 times slower. The cure,
// OMP_WAIT_POLICY=passive and GOMP_SPINCOUNT=10000, must be in the environment before libgomp is loaded, and the Qt
// libraries load it before main(). What the user has set stays as it is.
//   thread rule  call before any thread exists
#pragma once

namespace cxr {

// Returns in the process that shall go on: at once when the environment is in order, after the second start, or when
// the second start is impossible (the program then runs as it is, only slower beside others).
// Arguments, working folder and descriptors are kept. REQUIRES: argv as main() got it.
void reexecuteWithWaitPolicy(char** argv);

}  // namespace cxr
