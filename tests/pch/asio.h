// Precompiled for the tests of the layers that use Asio.
#ifndef HAWSER_TESTS_PCH_ASIO_H
#define HAWSER_TESTS_PCH_ASIO_H

#include <doctest/doctest.h>

#include "../../lib/pch/asio.h"

#endif  // not #pragma once: GCC warns of it in a header that is compiled by itself
