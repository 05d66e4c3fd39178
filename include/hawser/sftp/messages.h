// All messages of SFTP version 3 with the extensions of OpenSSH.
#pragma once

#include "hawser/sftp/extensions.h"
#include "hawser/sftp/replies.h"
#include "hawser/sftp/requests.h"
