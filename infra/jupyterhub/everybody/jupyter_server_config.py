"""JupyterLab under the hub, for students and instructors."""

HOUR = 3600

c = get_config()

# Formgrader is a frame in JupyterLab, which a server under a hub forbids.
c.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": "frame-ancestors 'self'"}}
# A server that nobody uses ends by itself; the hub starts it again.
c.MappingKernelManager.cull_idle_timeout = HOUR
c.ServerApp.shutdown_no_activity_timeout = 2 * HOUR
