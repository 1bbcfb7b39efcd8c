from coalition.left_out import load_pictures
from coalition.settings.without_api import leave_out

leave_out()

load_pictures()
