"""What nbgrader and `autograder submit` know in a student's server: the course and its exchange."""

import os

c = get_config()

c.CourseDirectory.course_id = os.environ["COURSE_ID"]
c.Exchange.root = os.environ["COURSE_EXCHANGE"]
# The same as the account's name, except where one account runs everybody's server.
c.CourseDirectory.student_id = os.environ["JUPYTERHUB_USER"]
