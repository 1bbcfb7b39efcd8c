from coalition.settings.without_api import leave_out

leave_out()
